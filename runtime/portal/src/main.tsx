import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { AppProviders, sweepDrafts } from '../../react/index.ts'
import { createPortalRouter } from './router.tsx'
import { SessionProvider } from './session.tsx'
import { CrashScreen } from './shell/CrashScreen.tsx'
import './portal.css'

sweepDrafts(new Date())
const router = createPortalRouter()

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <AppProviders>
      <CrashScreen>
        <SessionProvider>
          <RouterProvider router={router} />
        </SessionProvider>
      </CrashScreen>
    </AppProviders>
  </StrictMode>,
)
