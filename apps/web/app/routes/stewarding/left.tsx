import { Quantity } from '../../components/index.js';
import { useT } from '../../facts.js';
import type { Pledge } from '../projects/budget-rows.js';

/** What of a commitment is still to be delivered, and how much money is due. */
export function Left({ pledge: { kind, unit, confirmed, delivered, recorded, due } }: { pledge: Pledge }) {
  const t = useT();
  return (
    <>
      {t('stewarding:deliveries.left')} <Quantity value={Math.max(0, confirmed - delivered - recorded)} unit={unit} />
      {kind === 'funding' ? (
        <>
          {' · '}
          {t('projects:budget.due')} <Quantity value={due} unit={unit} />
        </>
      ) : null}
    </>
  );
}
