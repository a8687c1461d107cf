import { Page, PostForm } from '../../components/index.js';
import { useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import type { Topic } from './topics.js';

interface TopicPageProps {
  readonly need: { readonly id: string; readonly title: string };
  readonly etag: string | undefined;
  readonly topic: Topic;
  readonly state: FormState | undefined;
  /** Names of the fields, for the page of an edit conflict. */
  readonly labels: Readonly<Record<string, string>>;
  readonly heading?: string;
  readonly children: React.ReactNode;
}

/** A page on one topic of a draft: it is saved on the server, for the version it was opened with. */
export function TopicPage({ need, etag, topic, state, labels, heading, children }: TopicPageProps) {
  const t = useT();
  const href = useHref();
  return (
    <Page
      title={heading ?? t(`needs-forms:topic.${topic}`)}
      lead={t(`needs-forms:topicLead.${topic}`)}
      crumbs={[
        { to: '/needs', label: t('needs:list.title') },
        { to: `/needs/${need.id}/edit`, label: need.title },
      ]}
      state={state}
    >
      <PostForm state={state} etag={etag} submit={t('needs-forms:save')} labels={labels}>
        {children}
      </PostForm>
      <p>
        <a href={href(`/needs/${need.id}/edit`)}>{t('needs-forms:back')}</a>
      </p>
    </Page>
  );
}
