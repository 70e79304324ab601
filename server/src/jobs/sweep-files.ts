import Type from 'typebox'
import { defineJob } from './job.ts'

/** Files that belong to nothing, or no longer to anything, are taken away. */
export const sweepFilesJob = defineJob({
  name: 'sweep-files',
  title: { en: 'clear away files that belong to nothing', zh: '清理无归属的文件' },
  payload: Type.Object({}, { additionalProperties: false }),
  comesAgain: true,
  run: async ({ services, workspace }) => {
    // It is named where files are written down, which is where it looks.
    const { sweepFiles } = await import('../files/sweep-files.ts')
    await sweepFiles(services, workspace ?? '')
  },
})
