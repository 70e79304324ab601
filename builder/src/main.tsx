import { AppProviders } from '@channelwright/runtime/react/providers.tsx'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './builder.css'
import { router } from './router.tsx'
import { words } from './words.ts'

const host = document.getElementById('root')
if (!host) throw new Error('index.html has no #root')
createRoot(host).render(
  <StrictMode>
    <AppProviders words={words}>
      <RouterProvider router={router} />
    </AppProviders>
  </StrictMode>,
)
