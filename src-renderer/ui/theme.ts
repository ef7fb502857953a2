import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const accent: MantineColorsTuple = [
  '#e8f4f8',
  '#cfe6ee',
  '#a3cfde',
  '#72b6cd',
  '#459dba',
  '#2488aa',
  '#12769a',
  '#0a6385',
  '#07516e',
  '#043c53',
]

/** Dark enough for white words in both themes, as what is destructive or stops. */
const red: MantineColorsTuple = [
  '#fdeeee',
  '#f8d9d9',
  '#efb1b1',
  '#e78888',
  '#e06666',
  '#d94d4d',
  '#c93a3a',
  '#c22f2f',
  '#a32424',
  '#851a1a',
]

/** Surfaces and words of our hue where Mantine takes its own greys: fields, menus, switches. */
const dark: MantineColorsTuple = [
  '#e3e6ea',
  '#c3cad2',
  '#9aa4af',
  '#66707c',
  '#343a42',
  '#30353d',
  '#262a30',
  '#1d2025',
  '#17191d',
  '#121417',
]

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  colors: { accent, dark, red },
  fontFamily: '"Inter Variable", Inter, "Segoe UI", system-ui, -apple-system, "Helvetica Neue", sans-serif',
  fontFamilyMonospace: '"JetBrains Mono", "SF Mono", Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } },
    TextInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    Autocomplete: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs', transitionDuration: 100 } },
    Switch: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Tooltip: { defaultProps: { withArrow: false, transitionProps: { duration: 100 } } },
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } },
    Notifications: { defaultProps: { transitionDuration: 100 } },
    // At once: what appears by and by is not there to take the keys that follow the one which opened it.
    Spotlight: { defaultProps: { transitionProps: { duration: 0 } } },
    Modal: {
      defaultProps: { transitionProps: { duration: 0 }, overlayProps: { backgroundOpacity: 0.35 } },
      styles: { title: { fontWeight: 600 } },
    },
    Notification: { styles: { description: { color: 'var(--text-dim)' } } },
  },
})

/** Mantine's dim words are too pale for small text, and its dark surfaces of another hue than ours. */
export const variables: CSSVariablesResolver = () => {
  const dim = {
    '--mantine-color-dimmed': 'var(--text-dim)',
    '--mantine-color-placeholder': 'var(--text-dim)',
    '--mantine-color-error': 'var(--bad)',
  }
  const dark = {
    ...dim,
    '--mantine-color-body': 'var(--surface-1)',
    '--mantine-color-default': 'var(--surface-2)',
    '--mantine-color-default-border': 'var(--hairline)',
  }
  return { variables: {}, light: dim, dark }
}
