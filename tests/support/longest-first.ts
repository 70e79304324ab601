import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take longest, so that no worker is left with one of them when the others have nothing to do any more. */
const longest = [
  'tests/contract/crash.test.ts',
  'tests/packs/packs.test.ts',
  'tests/contract/docs.test.ts',
  'tests/contract/definitions.test.ts',
  'tests/contract/leaks.test.ts',
  'tests/contract/cli.test.ts',
  'tests/contract/publish.test.ts',
  'tests/contract/rules-in-sql.test.ts',
  'tests/contract/plans.test.ts',
  'tests/contract/generated-client.test.ts',
  'tests/scenarios/accessibility.test.ts',
  'tests/scenarios/first-chain.test.ts',
  'tests/scenarios/builder-writing.test.ts',
  'tests/scenarios/approvals.test.ts',
]

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((path) => moduleId.endsWith(path))
      return at === -1 ? longest.length : at
    }
    return (await super.sort(files)).sort((a, b) => place(a) - place(b))
  }
}
