import type { Me } from '@concord/contracts';
import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { Choices, EmptyState, Page, PostForm } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, invalidForm } from '../../server/act.server.js';
import { loadSignedIn, returnPath } from '../../server/load.server.js';
import { actingOf } from '../../server/session.server.js';
import type { Visit } from '../../server/visit.server.js';

const memberships = async (visit: Visit) => actingOf((await visit.api.get<z.output<typeof Me>>('/me')).body);

/** The reader's organisations. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => ({
    memberships: await memberships(visit),
    back: returnPath(visit.url.searchParams.get('return')),
  }));

/** Chooses one of them, or none. */
export const action = (args: ActionFunctionArgs) =>
  act(args, async (sent) => {
    const { visit, text } = sent;
    const id = text('organisation');
    const found = (await memberships(visit)).find((one) => one.id === id);
    if (!found && id !== 'none') return invalidForm(sent, [{ field: 'organisation', text: visit.t('faults:required') }]);
    await visit.actFor(found);
    return redirect(visit.href(returnPath(text('return') ?? null)));
  });

/** For whom somebody acts. */
export default function ActingPage() {
  const t = useT();
  const { reader } = useFacts();
  const state = useActionData() as FormState | undefined;
  const { memberships: list, back } = useLoaderData<typeof loader>();
  const options = [
    ...list.map(({ id, name, roles }) => ({
      value: id,
      label: <bdi>{name}</bdi>,
      hint: roles.map((role) => t(`words:role.${role}`)).join(', '),
    })),
    { value: 'none', label: t('site:acting.none') },
  ];
  return (
    <Page title={t('site:acting.title')} lead={t('site:acting.lead')} state={state}>
      {list.length === 0 ? (
        <EmptyState title={t('site:acting.emptyTitle')} to="/organisations/new" action={t('site:acting.register')}>
          {t('site:acting.empty')}
        </EmptyState>
      ) : (
        <PostForm state={state} submit={t('site:acting.submit')}>
          <input type="hidden" name="return" value={back} />
          <Choices
            name="organisation"
            label={t('site:acting.label')}
            required
            state={state}
            options={options}
            defaultValues={[reader?.acting?.id ?? '']}
          />
        </PostForm>
      )}
    </Page>
  );
}
