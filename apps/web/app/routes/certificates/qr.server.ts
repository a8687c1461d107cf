import qrcode from 'qrcode-generator';

/** Light border that readers of the code need, in modules (ISO/IEC 18004). */
const QUIET = 4;

/** An address as a QR code: one SVG path of unit squares, and the side of the whole in modules. */
export function qrPath(text: string): { readonly path: string; readonly side: number } {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  let path = '';
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      if (!code.isDark(row, column)) continue;
      const from = column;
      while (column + 1 < count && code.isDark(row, column + 1)) column += 1;
      path += `M${from + QUIET} ${row + QUIET}h${column - from + 1}v1h-${column - from + 1}z`;
    }
  }
  return { path, side: count + 2 * QUIET };
}
