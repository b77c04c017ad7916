import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

/** The one accent. Shade 7 carries white text and 3 carries black, both above 4.5 : 1. */
const accent: MantineColorsTuple = [
  '#eef3fd',
  '#d9e4fa',
  '#b4c9f4',
  '#8fb0f2',
  '#6591e6',
  '#4678dc',
  '#3568d4',
  '#2a5bd0',
  '#1f4bb3',
  '#163a8f',
];

/** Greys without a tint, so that photographs keep their colour. */
const grey: MantineColorsTuple = [
  '#fafafa',
  '#f4f4f4',
  '#e8e8e8',
  '#dcdcdc',
  '#c6c6c6',
  '#a3a3a3',
  '#737373',
  '#525252',
  '#363636',
  '#1f1f1f',
];

const dark: MantineColorsTuple = [
  '#e6e6e6',
  '#b4b4b4',
  '#9a9a9a',
  '#6a6a6a',
  '#3a3a3a',
  '#2e2e2e',
  '#242424',
  '#171717',
  '#121212',
  '#0c0c0c',
];

/** Text on a filled button follows the scheme, as its ground does; Mantine decides it once for both. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  if (input.variant !== 'filled') return colors;
  if (input.color === 'red') {
    return { ...colors, background: 'var(--bad)', hover: 'var(--bad)', color: 'var(--ground)' };
  }
  return { ...colors, color: 'var(--on-accent)' };
};

export const theme = createTheme({
  variantColorResolver,
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 3 },
  colors: { accent, gray: grey, dark },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Open Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
});

/** Mantine's own surfaces take the page's tokens, so that there is one table of colours: `app.css`. */
export const tokensIntoMantine: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--ground)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-soft)',
    '--mantine-color-default-border': 'var(--line)',
    '--mantine-color-placeholder': 'var(--ink-soft)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-primary-color-contrast': 'var(--on-accent)',
  };
  return {
    variables: {},
    light: shared,
    dark: shared,
  };
};
