import { Button, Group, Input, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { describeInput, type FieldWidgetProps, useFace, useWords } from '../face.tsx'
import { titleOf } from '../shared.ts'
import { LineCards } from './cards.tsx'
import { LineGrid } from './grid.tsx'
import { type LinesProps, useLines } from './use-lines.tsx'

/** Sentences about cells below the lines; every wrong cell is marked, this many are put into words. */
const mostTold = 5

/**
 * A sub-table: at a desk a grid with keyboard and paste from a spreadsheet, on a narrow screen a card for each line.
 * Cells that are wrong are marked and told.
 */
export function LinesWidget(props: FieldWidgetProps) {
  const say = useWords()
  const narrow = useMediaQuery('(max-width: 40em)', undefined, { getInitialValueInEffect: false }) ?? false
  const { lines, left } = useLines(props)
  const { placeholder: _, variant: __, id, ...wrapper } = describeInput({ ...props, bare: false })
  const full = lines.lines.length >= lines.most
  return (
    <Input.Wrapper {...wrapper} labelElement="div">
      {narrow ? <LineCards {...lines} /> : <LineGrid {...lines} />}
      {!narrow && <CellProblems {...lines} />}
      {!props.readonly && (
        <Group mt="xs" justify="space-between" gap="xs">
          <Button
            variant="default"
            size={narrow ? 'md' : 'xs'}
            fullWidth={narrow}
            leftSection={<IconPlus size={14} />}
            disabled={full}
            onClick={() => lines.onLines([...lines.lines, {}])}
          >
            {say({ en: 'Add line', zh: '添加一行' })}
          </Button>
          <Text size="xs" c="dimmed" role="status">
            {left > 0
              ? say({
                  en: `There is room for ${lines.most} lines; ${left} pasted lines were left out.`,
                  zh: `最多 ${lines.most} 行,粘贴的内容有 ${left} 行未能放入。`,
                })
              : !narrow && say({ en: 'Cells can be pasted from a spreadsheet', zh: '可从电子表格复制粘贴' })}
          </Text>
        </Group>
      )}
    </Input.Wrapper>
  )
}

function CellProblems({ below = [], columns }: LinesProps) {
  const say = useWords()
  const { locale } = useFace()
  const told = below.filter((problem) => problem.message !== '')
  if (told.length === 0) return null
  const left = told.length - mostTold
  return (
    <Input.Error mt={6} component="div">
      {told.slice(0, mostTold).map(({ path, message }) => {
        const [, row = '', key = ''] = path.split('/')
        const column = columns.find((one) => one.key === key)
        const title = column ? titleOf(column.field, locale) : ''
        const at = Number(row) + 1
        return (
          <div key={`${path} ${message}`}>
            {say({
              en: `Line ${at}${title && `, ${title}`}: ${message}`,
              zh: `第 ${at} 行${title}:${message}`,
            })}
          </div>
        )
      })}
      {left > 0 && say({ en: `and ${left} more`, zh: `另有 ${left} 处` })}
    </Input.Error>
  )
}
