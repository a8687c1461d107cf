import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Field, FieldSet, SdgMark } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act } from '../../server/act.server.js';
import { loadSignedIn } from '../../server/load.server.js';
import { countryOptions } from './options.js';
import { needOf, needPath, ownNeed, type Need } from './own-need.server.js';
import { TARGETS } from './sdg-targets.js';
import { TopicPage } from './topic-page.js';
import { listOf } from './topics.js';

const valuesOf = (need: Need) => ({
  country: need.country ?? '',
  regions: need.regions.join(', '),
  sdgTargets: need.sdgTargets.join(', '),
});

const words = (text: string | undefined): string[] => listOf((text ?? '').replaceAll(/\s+/gu, ','));

/** The draft. */
export const loader = (args: LoaderFunctionArgs) => loadSignedIn(args, (visit) => ownNeed(visit, args.params, 'draft'));

/** Saves where it is and which goals it serves. */
export const action = (args: ActionFunctionArgs) =>
  act(
    args,
    async ({ visit, text, all, sending }) => {
      const { need } = await ownNeed(visit, args.params, 'draft');
      const body = {
        country: text('country') ?? (need.country === undefined ? undefined : ''),
        regions: words(text('regions')).map((one) => one.toUpperCase()),
        sdgTargets: [...new Set([...words(text('sdgTargets')).map((one) => one.toLowerCase()), ...all('moreTargets')])],
      };
      await visit.api.patch(needPath(args.params), { body, ...sending });
      return redirect(visit.href(`/needs/${need.id}/edit`));
    },
    {
      fieldOf: (pointer) => pointer.split('/')[1],
      fieldOfCode: { region_outside_country: 'regions' },
      current: async (visit) => {
        const { need, etag } = await needOf(visit, args.params);
        return { values: valuesOf(need), etag };
      },
    },
  );

/** Where the need is, and the targets it serves. */
export default function Place() {
  const t = useT();
  const { locale } = useFacts();
  const { need, etag } = useLoaderData<typeof loader>();
  const state = useActionData() as FormState | undefined;
  const values = valuesOf(need);
  const labels = {
    country: t('needs-forms:field.country'),
    regions: t('needs-forms:field.regions'),
    sdgTargets: t('needs-forms:field.sdgTargets'),
  };
  return (
    <TopicPage need={need} etag={etag} topic="place" state={state} labels={labels}>
      <Field
        name="country"
        label={labels.country}
        required
        state={state}
        options={countryOptions(locale)}
        defaultValue={values.country}
      />
      <Field
        name="regions"
        label={labels.regions}
        hint={t('needs-forms:hint.regions')}
        state={state}
        defaultValue={values.regions}
        size={40}
      />
      <Field
        name="sdgTargets"
        label={labels.sdgTargets}
        hint={t('needs-forms:hint.sdgTargets')}
        required
        state={state}
        defaultValue={values.sdgTargets}
        size={40}
      />
      <TargetList typed={state?.values['moreTargets'] ?? []} />
    </TopicPage>
  );
}

/** Every target by goal, for those who do not know the numbers by heart; what is ticked is added to what was typed. */
function TargetList({ typed }: { typed: readonly string[] }) {
  const t = useT();
  return (
    <details open={typed.length > 0 ? true : undefined}>
      <summary>{t('needs-forms:targets.choose')}</summary>
      <p className="hint">{t('needs-forms:targets.hint')}</p>
      {TARGETS.map(({ goal, targets }) => (
        <FieldSet key={goal} legend={<SdgMark goal={goal} />}>
          <div className="codes">
            {targets.map((target) => (
              <label key={target} className="choice">
                <input type="checkbox" name="moreTargets" value={target} defaultChecked={typed.includes(target)} />
                <span>
                  <bdi>{target}</bdi> {t(`sdg:target.${target}`)}
                </span>
              </label>
            ))}
          </div>
        </FieldSet>
      ))}
    </details>
  );
}
