import { numberText } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';

/** How far a plan is: shares of milestones accepted, and of those released; bar and words. */
export function Progress({
  progress: { accepted, released },
}: {
  progress: { readonly accepted: number; readonly released: number };
}) {
  const t = useT();
  const { locale } = useFacts();
  const percent = (value: number) => numberText(locale, value / 100, { style: 'percent' });
  const text = t('projects:progress', { accepted: percent(accepted), released: percent(released) });
  return (
    <>
      <svg className="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <rect className="bar-whole" x="0" y="0" width="100" height="8" />
        <rect className="bar-committed" x="0" y="0" width={accepted} height="8" />
        <rect className="bar-delivered" x="0" y="0" width={released} height="8" />
      </svg>
      <p className="meta">{text}</p>
    </>
  );
}
