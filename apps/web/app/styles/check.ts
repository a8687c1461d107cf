/** Colours of a theme, by the name of their token. */
export type Theme = Readonly<Record<string, string>>;

const TOKEN = /--([a-z-]+):\s*(#[0-9a-f]{6})\b/gu;

const tokensIn = (css: string): Theme =>
  Object.fromEntries([...css.matchAll(TOKEN)].map(([, name = '', value = '']) => [name, value]));

/** The two themes of tokens.css: what the dark one does not say is as in the light one. */
export function themesOf(css: string): { readonly light: Theme; readonly dark: Theme } {
  const dark = css.indexOf('@media screen and (prefers-color-scheme: dark)');
  const after = css.indexOf('@media print');
  const light = tokensIn(css.slice(0, dark));
  return { light, dark: { ...light, ...tokensIn(css.slice(dark, after)) } };
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2). */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Pairs of tokens that stand on each other, and the contrast each needs: 4.5 for text, 3 for edges and parts of charts. */
export const PAIRS: readonly (readonly [string, string, number])[] = [
  ...['paper', 'panel'].flatMap((ground) => ['text', 'soft', 'link', 'link-strong'].map((ink) => [ink, ground, 4.5] as const)),
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'link-strong', 4.5],
  ...['fault', 'good', 'warn', 'calm'].flatMap((ink) => [
    [ink, `${ink}-panel`, 4.5] as const,
    [ink, 'paper', 4.5] as const,
    ['text', `${ink}-panel`, 4.5] as const,
  ]),
  ['soft', 'warn-panel', 4.5],
  ['link', 'warn-panel', 4.5],
  ['edge', 'paper', 3],
  ['edge', 'panel', 3],
  ['focus', 'paper', 3],
  ['focus', 'panel', 3],
  ['accent', 'paper', 3],
  ['bar-delivered', 'bar-whole', 3],
  ['bar-mark', 'bar-committed', 3],
];

/** Pairs of a theme that are too close. */
export function closePairs(theme: Theme, pairs = PAIRS): string[] {
  return pairs.flatMap(([ink, ground, wanted]) => {
    const [one, other] = [theme[ink], theme[ground]];
    if (one === undefined || other === undefined) return [`${ink} or ${ground} is no token`];
    const found = contrast(one, other);
    return found < wanted ? [`${ink} on ${ground} is ${found.toFixed(2)}, not ${wanted}`] : [];
  });
}

const PHYSICAL =
  /(^|[\s;{])((margin|padding|border|inset|scroll-margin|scroll-padding)-(left|right)|left|right|(text-align|float|clear)\s*:\s*(left|right)|border-(top|bottom)-(left|right)-radius)\b[^{};]*[:;]/gu;

/** Declarations that know left and right, where only start and end may be known. */
export const physicalDeclarations = (css: string): string[] =>
  [...css.replace(/\/\*[\s\S]*?\*\//gu, '').matchAll(PHYSICAL)].map(([found]) => found.trim());

/** Colours outside the tokens; the colours of the goals are given and stand as edges only. */
export const looseColours = (css: string): string[] =>
  css.replace(/\.sdg-\d+\s*\{[^}]*\}/gu, '').match(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)\(/gu) ?? [];
