import { xmlText } from '../lists/feeds.js';

/** How wide a character is, roughly: scripts of wide signs take a full square. */
const widthOf = (text: string): number =>
  [...text].reduce(
    (sum, one) => sum + (/[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60]/u.test(one) ? 13 : 7.2),
    0,
  );

const PAD = 9;

interface Badge {
  readonly label: string;
  readonly value: string;
  readonly language: string;
  readonly rtl: boolean;
}

/** A small picture of two words, readable at any size: black on white beside white on dark. */
export function badgeSvg({ label, value, language, rtl }: Badge): string {
  const [labelWidth, valueWidth] = [label, value].map((text) => Math.ceil(widthOf(text)) + 2 * PAD) as [number, number];
  const width = labelWidth + valueWidth;
  const labelAt = rtl ? valueWidth : 0;
  const valueAt = rtl ? 0 : labelWidth;
  const text = (at: number, wide: number, fill: string, says: string) =>
    `<text x="${at + wide / 2}" y="17" fill="${fill}" text-anchor="middle" textLength="${wide - 2 * PAD}" lengthAdjust="spacingAndGlyphs" direction="${rtl ? 'rtl' : 'ltr'}">${xmlText(says)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="24" viewBox="0 0 ${width} 24" role="img" aria-label="${xmlText(`${label}: ${value}`)}" xml:lang="${language}" font-family="system-ui, 'Noto Sans', 'Noto Sans Arabic', 'Noto Sans SC', Arial, sans-serif" font-size="13">
<title>${xmlText(`${label}: ${value}`)}</title>
<rect x="${labelAt}" width="${labelWidth}" height="24" fill="#17212b"/>
<rect x="${valueAt + 0.5}" y="0.5" width="${valueWidth - 1}" height="23" fill="#ffffff" stroke="#17212b"/>
${text(labelAt, labelWidth, '#ffffff', label)}
${text(valueAt, valueWidth, '#17212b', value)}
</svg>
`;
}
