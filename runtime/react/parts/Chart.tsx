import { useComputedColorScheme } from '@mantine/core'
import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { fontFamily } from '../theme/theme.ts'

use([AriaComponent, BarChart, CanvasRenderer, GridComponent, LegendComponent, LineChart, TooltipComponent])

/** A chart of ECharts in the colours of the page. `label` tells what it shows to those who don't see it. */
export function Chart({
  option,
  label,
  height = 240,
}: {
  option: EChartsCoreOption
  label: string
  height?: number
}) {
  const box = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light')
  useEffect(() => {
    const element = box.current
    if (!element) return
    const style = getComputedStyle(element)
    const colour = (name: string) => style.getPropertyValue(name).trim()
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    const axis = (split: boolean) => ({
      show: true,
      axisLabel: { color: colour('--mantine-color-dimmed') },
      axisLine: { lineStyle: { color: colour('--mantine-color-default-border') } },
      splitLine: { show: split, lineStyle: { color: colour('--cw-line') } },
    })
    const chart = init(element, null, { renderer: 'canvas' })
    chart.setOption({
      color:
        scheme === 'dark'
          ? ['#58a6d6', '#4fc3a1', '#e5ab2c', '#ff8787']
          : ['#1f6f9f', '#12826a', '#b97f0a', '#c92a2a'],
      textStyle: { fontFamily, color: colour('--mantine-color-dimmed') },
      animation: !still,
      aria: { enabled: true, label: { description: label } },
      ...option,
      xAxis: { ...axis(false), ...(option.xAxis as object) },
      yAxis: { ...axis(true), ...(option.yAxis as object) },
    })
    const watch = new ResizeObserver(() => chart.resize())
    watch.observe(element)
    return () => {
      watch.disconnect()
      chart.dispose()
    }
  }, [option, label, scheme])
  return <div ref={box} role="img" aria-label={label} style={{ height }} />
}
