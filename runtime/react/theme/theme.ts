import {
  Alert,
  Anchor,
  Badge,
  Button,
  type CSSVariablesResolver,
  createTheme,
  Input,
  type MantineColorsTuple,
  Modal,
  Paper,
  Table,
  Tooltip,
} from '@mantine/core'

/** Deep water: the one colour of action. Shade 8 on white has a contrast of 6.3. */
const harbor: MantineColorsTuple = [
  '#eef6f8',
  '#dcebf0',
  '#b6d6e0',
  '#8cbfce',
  '#66a9bd',
  '#4a98b0',
  '#38869f',
  '#286f87',
  '#1d5f76',
  '#0f4a5e',
]

/** Cool greys whose sixth shade still reads at 4.5 on white: `dimmed` text must pass AA. */
const gray: MantineColorsTuple = [
  '#f7f9fa',
  '#eff2f4',
  '#e3e8eb',
  '#d0d7dc',
  '#aeb8c0',
  '#84909b',
  '#5f6b76',
  '#47525d',
  '#2f3943',
  '#1a222a',
]

const dark: MantineColorsTuple = [
  '#d5dce2',
  '#b9c3cc',
  '#94a1ad',
  '#6f7d89',
  '#4a5763',
  '#384450',
  '#2a343e',
  '#1f2830',
  '#182027',
  '#11171d',
]

const amber: MantineColorsTuple = [
  '#fdf6e7',
  '#f9eacb',
  '#f2d593',
  '#ebbe58',
  '#e5ab2c',
  '#d99a14',
  '#b97f0a',
  '#946407',
  '#714c05',
  '#4f3503',
]

/** Latin letters from the system's own face, Chinese from the best face each system carries. */
export const fontFamily = [
  '-apple-system',
  'BlinkMacSystemFont',
  '"Segoe UI"',
  'Roboto',
  '"Helvetica Neue"',
  '"PingFang SC"',
  '"Hiragino Sans GB"',
  '"Microsoft YaHei UI"',
  '"Microsoft YaHei"',
  '"Noto Sans CJK SC"',
  '"Noto Sans SC"',
  '"Source Han Sans SC"',
  'sans-serif',
].join(', ')

export const theme = createTheme({
  primaryColor: 'harbor',
  primaryShade: { light: 8, dark: 7 },
  colors: { harbor, gray, dark, amber },
  black: '#1a222a',
  fontFamily,
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  lineHeights: { xs: '1.45', sm: '1.5', md: '1.55', lg: '1.55', xl: '1.4' },
  headings: {
    fontFamily,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1.1875rem', lineHeight: '1.35' },
      h3: { fontSize: '1rem', lineHeight: '1.4' },
      h4: { fontSize: '0.9375rem', lineHeight: '1.45' },
    },
  },
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  defaultRadius: 'md',
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  breakpoints: { xs: '30em', sm: '40em', md: '56em', lg: '72em', xl: '88em' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Button: Button.extend({ defaultProps: { size: 'sm' }, styles: { root: { fontWeight: 550 } } }),
    // A link in a list is as large as what stands around it.
    Anchor: Anchor.extend({ defaultProps: { inherit: true } }),
    Badge: Badge.extend({
      defaultProps: { variant: 'light', radius: 'sm', size: 'md' },
      // Inside a cell that clips, a badge keeps its words.
      styles: { root: { textTransform: 'none', fontWeight: 550, letterSpacing: 0, minWidth: 'max-content' } },
    }),
    Input: Input.extend({ defaultProps: { size: 'sm' } }),
    InputWrapper: Input.Wrapper.extend({
      styles: { label: { fontWeight: 550, marginBottom: 4 }, error: { lineHeight: 1.4 } },
    }),
    Paper: Paper.extend({ defaultProps: { withBorder: true, radius: 'lg' } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 8, horizontalSpacing: 'sm' } }),
    Modal: Modal.extend({
      defaultProps: { radius: 'lg', centered: true, overlayProps: { backgroundOpacity: 0.4 } },
    }),
    Alert: Alert.extend({ defaultProps: { variant: 'light', radius: 'md' } }),
    Tooltip: Tooltip.extend({ defaultProps: { withArrow: true, openDelay: 300 } }),
  },
})

/** Colours that Mantine derives too faintly for AA, and the surfaces of our pages. */
export const resolveVariables: CSSVariablesResolver = () => ({
  variables: { '--cw-rail': '13.5rem', '--cw-bar': '3.25rem', '--cw-page': '84rem' },
  light: {
    '--cw-canvas': '#f5f7f8',
    '--cw-surface': '#ffffff',
    '--cw-sunken': '#f0f3f5',
    '--cw-line': '#e1e6ea',
    '--cw-shade': 'rgba(26, 34, 42, 0.16)',
    '--mantine-color-placeholder': '#6b7782',
    '--mantine-color-dimmed': '#5a6670',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-default-border': '#c6ced5',
    '--mantine-color-teal-light-color': '#055c43',
    '--mantine-color-red-outline': '#c92a2a',
  },
  dark: {
    '--cw-canvas': '#131a20',
    '--cw-surface': '#1b232b',
    '--cw-sunken': '#161d24',
    '--cw-line': '#2d3842',
    '--cw-shade': 'rgba(0, 0, 0, 0.5)',
    '--mantine-color-gray-light': 'rgba(160, 172, 183, 0.16)',
    '--mantine-color-gray-light-color': '#d3dbe2',
    '--mantine-color-body': '#1b232b',
    '--mantine-color-placeholder': '#9aa6b1',
    '--mantine-color-dimmed': '#a0acb7',
    '--mantine-color-error': '#ff8f85',
    '--mantine-color-default-border': '#3d4a56',
    '--mantine-color-red-outline': '#ff8787',
  },
})
