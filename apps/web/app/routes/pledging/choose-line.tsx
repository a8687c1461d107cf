import type { LineResource, NeedResource } from '@concord/contracts';
import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import type { Listed } from '../../api.js';
import { EmptyState, Notice, Page, Quantity } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { load } from '../../server/load.server.js';

/** Lines of the need with what is still open on each. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const id = args.params['id'] ?? '';
    const [{ body: need }, { body: lines }] = await Promise.all([
      visit.api.get<z.output<typeof NeedResource>>(`/needs/${encodeURIComponent(id)}`),
      visit.api.get<Listed<z.output<typeof LineResource>>>('/lines', { query: { need: id, limit: 100 } }),
    ]);
    return { need, lines: lines.items };
  });

/** To which line of the need somebody wants to pledge. */
export default function ChooseLine() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { need, lines } = useLoaderData<typeof loader>();
  const open = lines.filter((line) => line.open > 0);
  const own = reader?.acting?.id === need.organisationId;
  return (
    <Page
      title={t('pledging:choose.title')}
      over={<bdi>{need.title}</bdi>}
      lead={t('pledging:choose.lead')}
      crumbs={[
        { to: '/needs', label: t('needs:list.title') },
        { to: `/needs/${need.id}`, label: need.title },
      ]}
    >
      {own ? <Notice>{t('pledging:choose.own')}</Notice> : null}
      {open.length === 0 ? (
        <EmptyState title={t('pledging:choose.none')} to={`/needs/${need.id}`} action={t('pledging:choose.back')}>
          {t('pledging:choose.noneText')}
        </EmptyState>
      ) : null}
      <ul className="cards">
        {lines.map(({ id, title, kind, unit, open: left, target }) => (
          <li key={id} className="card">
            <h2>
              {left > 0 ? (
                <a href={href(`/needs/${need.id}/pledge/${id}`)}>
                  <bdi>{title}</bdi>
                </a>
              ) : (
                <bdi>{title}</bdi>
              )}
            </h2>
            <p className="meta">
              <span>{t(`words:lineKind.${kind}`)}</span>
              <span>
                {t('pledging:choose.open')} <Quantity value={left} unit={unit} />
              </span>
              <span>
                {t('pledging:choose.of')} <Quantity value={target} unit={unit} />
              </span>
            </p>
          </li>
        ))}
      </ul>
    </Page>
  );
}
