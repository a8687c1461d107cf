import { redirect, useActionData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Field, Notice, Page, PostForm } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { may } from './may.js';
import { languageOptions } from './options.js';
import type { Need } from './own-need.server.js';

/** Needs somebody signed in; for whom they act decides whose need it becomes. */
export const loader = (args: LoaderFunctionArgs) => loadSignedIn(args, () => null);

/** Begins the draft. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async ({ visit, text, sending }) => {
    const body = { title: text('title'), language: text('language') };
    const { body: need } = await visit.api.post<Need>('/needs', { body, ...sending });
    return redirect(visit.href(`/needs/${need.id}/edit`));
  });

/** Where a need begins: its name and its language. Everything else has a page of its own afterwards. */
export default function NewNeed() {
  const t = useT();
  const href = useHref();
  const { locale, reader } = useFacts();
  const state = useActionData() as FormState | undefined;
  const acting = reader?.acting;
  return (
    <Page
      title={t('needs-forms:new.title')}
      lead={t('needs-forms:new.lead')}
      crumbs={[{ to: '/needs', label: t('needs:list.title') }]}
      state={state}
    >
      {may(acting, 'editor') ? (
        <PostForm state={state} submit={t('needs-forms:new.submit')}>
          <p>
            {t('needs-forms:new.owner')} <bdi>{acting?.name}</bdi>. <a href={href('/acting')}>{t('site:acting.change')}</a>
          </p>
          {acting?.standing === 'verified' ? null : <Notice>{t('needs-forms:new.unverified')}</Notice>}
          <Field
            name="title"
            label={t('needs-forms:field.title')}
            hint={t('needs-forms:hint.title')}
            required
            state={state}
            size={60}
            visibility="public"
          />
          <Field
            name="language"
            label={t('needs-forms:field.language')}
            hint={t('needs-forms:hint.language')}
            required
            state={state}
            options={languageOptions(locale)}
            defaultValue={locale}
          />
        </PostForm>
      ) : (
        <Notice kind="warning" title={t('needs-forms:new.notYou')}>
          <p>
            <a href={href('/acting?return=/needs/new')}>{t('site:acting.change')}</a>
          </p>
        </Notice>
      )}
    </Page>
  );
}
