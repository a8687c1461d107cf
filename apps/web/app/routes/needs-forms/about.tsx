import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Choices, Field } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { languageOptions } from './options.js';
import { needOf, needPath, ownNeed, type Need } from './own-need.server.js';
import { TopicPage } from './topic-page.js';
import { listOf } from './topics.js';

const TYPES = ['technical_assistance', 'dpg_funding', 'staff_capacity', 'strategy', 'regulation'] as const;
const FIELDS = ['title', 'summary', 'needType', 'language', 'useCase', 'buildingBlocks', 'solutions'] as const;

const valuesOf = (need: Need): Record<(typeof FIELDS)[number], string> => ({
  title: need.title,
  summary: need.summary ?? '',
  needType: need.needType ?? '',
  language: need.language,
  useCase: need.useCase ?? '',
  buildingBlocks: need.buildingBlocks.join('\n'),
  solutions: need.solutions.join('\n'),
});

/** The draft. */
export const loader = (args: LoaderFunctionArgs) => loadSignedIn(args, (visit) => ownNeed(visit, args.params, 'draft'));

/** Saves what it is about. */
export const action = (args: ActionFunctionArgs) =>
  act(
    args,
    async ({ visit, text, sending }) => {
      const { need } = await ownNeed(visit, args.params, 'draft');
      const body = {
        title: text('title') ?? '',
        // A summary that exists can be changed, not removed: the API then asks for it.
        summary: text('summary') ?? (need.summary === undefined ? undefined : ''),
        needType: text('needType'),
        language: text('language') ?? '',
        useCase: text('useCase') ?? null,
        buildingBlocks: listOf(text('buildingBlocks')),
        solutions: listOf(text('solutions')),
      };
      await visit.api.patch(needPath(args.params), { body, ...sending });
      return redirect(visit.href(`/needs/${need.id}/edit`));
    },
    {
      fieldOf: (pointer) => pointer.split('/')[1],
      current: async (visit) => {
        const { need, etag } = await needOf(visit, args.params);
        return { values: valuesOf(need), etag };
      },
    },
  );

/** What the need is about. */
export default function About() {
  const t = useT();
  const { locale } = useFacts();
  const { need, etag } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const values = valuesOf(need);
  const labels = Object.fromEntries(FIELDS.map((name) => [name, t(`needs-forms:field.${name}`)]));
  const field = (name: (typeof FIELDS)[number]) => ({ name, label: labels[name], state, defaultValue: values[name] });
  return (
    <TopicPage need={need} etag={etag} topic="about" state={state} labels={labels}>
      <Field {...field('title')} hint={t('needs-forms:hint.title')} required size={60} />
      <Field {...field('summary')} hint={t('needs-forms:hint.summary')} required rows={10} prose visibility="public" />
      <Choices
        name="needType"
        label={labels['needType']}
        required
        state={state}
        defaultValues={[values.needType]}
        options={TYPES.map((value) => ({ value, label: t(`words:needType.${value}`), hint: t(`needs-forms:needType.${value}`) }))}
      />
      <Field
        {...field('language')}
        hint={t('needs-forms:hint.language')}
        required
        options={languageOptions(locale, need.language)}
      />
      <Field {...field('useCase')} hint={t('needs-forms:hint.useCase')} size={40} />
      <Field {...field('buildingBlocks')} hint={t('needs-forms:hint.onePerLine')} rows={3} />
      <Field {...field('solutions')} hint={t('needs-forms:hint.onePerLine')} rows={3} />
    </TopicPage>
  );
}
