import { useFacts, useT } from '../facts.js';
import { percentText, quantityText } from './amounts.js';

/** A part of a bar; parts lie over each other from the start: `delivered` over `committed` over `pledged`. */
export interface Part {
  /** Also the class: `pledged`, `committed`, `delivered`, `done`. */
  readonly kind: 'pledged' | 'committed' | 'delivered' | 'done';
  readonly label: string;
  readonly value: number;
}

interface BarProps {
  /** What the bar is about, for those who do not see it. */
  readonly label: string;
  readonly parts: readonly Part[];
  readonly total: number;
  readonly unit: string;
  /** A mark on the bar: the minimum from which a project may start. */
  readonly minimum?: number | undefined;
}

const share = (value: number, total: number): number => (total <= 0 ? 0 : Math.min(100, (value / total) * 100));

/** A bar of several parts over one whole. Always beside its numbers (`FundingTable`): the picture is for a first look. */
export function StackedBar({ label, parts, total, unit, minimum }: BarProps) {
  const t = useT();
  const { locale } = useFacts();
  const text = parts
    .map(({ label: name, value }) => `${name}: ${quantityText(t, locale, value, unit)} (${percentText(locale, value, total)})`)
    .join('; ');
  return (
    <svg className="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={`${label}. ${text}`}>
      <rect className="bar-whole" x="0" y="0" width="100" height="8" />
      {[...parts]
        .sort((a, b) => b.value - a.value)
        .map(({ kind, value }) => (
          <rect key={kind} className={`bar-${kind}`} x="0" y="0" width={share(value, total)} height="8" />
        ))}
      {minimum === undefined ? null : (
        <rect className="bar-mark" x={Math.max(0, share(minimum, total) - 0.4)} y="0" width="0.8" height="8" />
      )}
    </svg>
  );
}

/** How much of a whole is done. */
export function ProgressBar({ label, value, total, unit }: { label: string; value: number; total: number; unit: string }) {
  return <StackedBar label={label} parts={[{ kind: 'done', label, value }]} total={total} unit={unit} />;
}
