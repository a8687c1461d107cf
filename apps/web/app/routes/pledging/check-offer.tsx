import type { LineResource } from '@concord/contracts';
import type { z } from 'zod';
import { Notice, Quantity } from '../../components/index.js';
import { useT } from '../../facts.js';
import { OfferFacts, UNIT_OF } from './offer-facts.js';
import { countsAs, offerBody, type Pledge } from './offer.js';

type Line = z.output<typeof LineResource>;

/** What would be sent; when it did not fit, what is open and the offer to pledge that part (R3). */
export function CheckOffer({
  line,
  values,
  open,
}: {
  readonly line: Line;
  readonly values: Readonly<Record<string, string>>;
  readonly open: number | undefined;
}) {
  const t = useT();
  const body = offerBody(line.kind, line.unit, (name) => values[name]?.trim() || undefined);
  const { amount, hours, items } = body as {
    readonly amount?: { readonly amount: number; readonly currency: string };
    readonly hours?: number;
    readonly items?: number;
  };
  const exchange = body['exchange'] as { readonly rate: string } | undefined;
  const quantity = amount?.amount ?? hours ?? items ?? 1;
  const unit = line.kind === 'funding' ? (amount?.currency ?? line.unit) : UNIT_OF[line.kind];
  const counted = exchange ? countsAs(quantity, unit, exchange.rate, line.unit) : undefined;
  return (
    <>
      {open === undefined ? null : <Full line={line} open={open} />}
      <OfferFacts
        unit={unit}
        quantity={quantity}
        counted={counted}
        lineUnit={line.unit}
        terms={body as unknown as Pledge['terms']}
        validUntil={body['validUntil'] as string | undefined}
      />
      {open === undefined ? <p>{t('pledging:make.then')}</p> : null}
    </>
  );
}

function Full({ line, open }: { line: Line; open: number }) {
  const t = useT();
  if (open === 0) return <Notice kind="warning">{t('pledging:full.nothing')}</Notice>;
  return (
    <Notice kind="warning" title={t('pledging:full.title')}>
      <p>
        {t('pledging:full.open')} <Quantity value={open} unit={line.unit} />. {t('pledging:full.text')}
      </p>
      <p className="actions">
        <button type="submit" name="go" value="partial">
          {t('pledging:full.partial')} <Quantity value={open} unit={line.unit} />
        </button>
        <button type="submit" name="go" value="back-offer" className="quiet">
          {t('pledging:full.change')}
        </button>
      </p>
    </Notice>
  );
}
