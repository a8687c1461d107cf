import { useLoaderData, type LoaderFunctionArgs } from 'react-router';
import type { Listed } from '../../api.js';
import { Content, EmptyState, Page, Pager, PostForm, StateBadge } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import { loadSignedIn } from '../../server/load.server.js';
import type { Need } from './own-need.server.js';

const SIZE = 50;

/** The organisation's own shortlist. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const cursor = visit.url.searchParams.get('cursor') || undefined;
    const { body } = await visit.api.get<Listed<Need>>('/pins', { query: { limit: SIZE, cursor } });
    return { ...body, names: Object.fromEntries(await visit.namesOf(body.items.map(({ organisationId }) => organisationId))) };
  });

/** Needs the organisation keeps in sight; nobody else sees them. */
export default function Pins() {
  const t = useT();
  const href = useHref();
  const { reader } = useFacts();
  const { items, next, names } = useLoaderData<typeof loader>();
  return (
    <Page title={t('needs-forms:pins.title')} lead={t('needs-forms:pins.lead')} over={<bdi>{reader?.acting?.name}</bdi>}>
      {items.length === 0 ? (
        <EmptyState title={t('needs-forms:pins.none')} to="/needs" action={t('needs:list.title')}>
          {t('needs-forms:pins.noneText')}
        </EmptyState>
      ) : (
        <ul className="cards">
          {items.map(({ id, title, language, status, organisationId }) => (
            <li key={id} className="card">
              <h2>
                <a href={href(`/needs/${id}`)}>
                  <Content lang={language}>{title}</Content>
                </a>
              </h2>
              <p className="meta">
                <StateBadge kind="need" state={status} />
                <bdi>{names[organisationId]}</bdi>
              </p>
              <PostForm action={href(`/needs/${id}/pin`)}>
                <input type="hidden" name="step" value="unpin" />
                <p>
                  <button type="submit" className="quiet" aria-label={t('needs-forms:pins.removeNamed', { title })}>
                    {t('needs-forms:pins.remove')}
                  </button>
                </p>
              </PostForm>
            </li>
          ))}
        </ul>
      )}
      <Pager next={next} size={SIZE} />
    </Page>
  );
}
