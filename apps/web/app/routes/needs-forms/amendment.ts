import { fieldAmount, quantityOf } from './amount-text.js';
import type { Need } from './own-need.server.js';
import { dayOf, endOfDay } from './topics.js';

const UNITS: Readonly<Record<string, string>> = { expertise: 'hour', in_kind: 'item', data: 'dataset' };

/** What may be amended, as the fields of the form show it. */
export function amendValues(need: Need): Record<string, string> {
  const values: Record<string, string> = {
    title: need.title,
    summary: need.summary ?? '',
    intakeClosesAt: dayOf(need.intakeClosesAt),
    validUntil: dayOf(need.validUntil),
  };
  need.lines.forEach(({ target, minimum, unit }, index) => {
    values[`lines.${index}.target`] = fieldAmount(target, unit);
    values[`lines.${index}.minimum`] = minimum === undefined ? '' : fieldAmount(minimum, unit);
  });
  return values;
}

type Text = (name: string) => string | undefined;

function linesOf(need: Need, text: Text) {
  const lines = need.lines.map(({ minimum: _minimum, ...line }, index) => {
    const minimum = text(`lines.${index}.minimum`);
    const target = quantityOf(text(`lines.${index}.target`) ?? '', line.unit);
    return { ...line, target, ...(minimum === undefined ? {} : { minimum: quantityOf(minimum, line.unit) }) };
  });
  const [title, kind] = [text('new.title'), text('new.kind')];
  if (title === undefined && kind === undefined) return lines;
  const unit = UNITS[kind ?? ''] ?? (text('new.unit') ?? '').toUpperCase();
  const minimum = text('new.minimum');
  const added = {
    kind,
    title: title ?? '',
    unit,
    target: quantityOf(text('new.target') ?? '', unit),
    ...(minimum === undefined ? {} : { minimum: quantityOf(minimum, unit) }),
    recipient: text('new.recipient') ?? 'lead',
  };
  return [...lines, added];
}

/** What the form changes of a published need, and nothing else: an amendment names what moved. */
export function amendmentOf(need: Need, text: Text): Record<string, unknown> {
  const before = amendValues(need);
  const changes: Record<string, unknown> = {};
  for (const name of ['title', 'summary']) if ((text(name) ?? '') !== before[name]) changes[name] = text(name) ?? '';
  for (const name of ['intakeClosesAt', 'validUntil'] as const) {
    const given = text(name);
    if (given !== undefined && given !== before[name]) changes[name] = endOfDay(given);
  }
  const lines = linesOf(need, text);
  if (JSON.stringify(lines) !== JSON.stringify(linesOf(need, (name) => before[name] || undefined))) changes['lines'] = lines;
  return changes;
}
