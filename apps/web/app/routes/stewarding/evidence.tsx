import { redirect, useActionData, useLoaderData, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { Field } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import type { FormState } from '../../form-state.js';
import { act, invalidForm } from '../../server/act.server.js';
import { absent, loadSignedIn } from '../../server/load.server.js';
import { boardOf, businessNow, parameter } from '../projects/board.js';
import { after, StepPage } from './step-page.js';
import { MILESTONE_STEPS, milestoneStepsFor, organisationsFor } from './steps.js';
import { storedFile } from './stored-file.js';

/** Licences that are offered; the API takes any SPDX id. */
const LICENCES = ['CC-BY-4.0', 'CC-BY-SA-4.0', 'CC0-1.0', 'ODbL-1.0'] as const;

/** The milestone that evidence is for. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const [now, { board, names }] = await Promise.all([businessNow(visit), boardOf(visit, parameter(args, 'id'))]);
    const milestone = board.milestones.find(({ id }) => id === args.params['mid']);
    if (!milestone) throw absent(visit);
    const { project } = board;
    const who = organisationsFor(MILESTONE_STEPS['add-evidence'] ?? { side: 'gatherers' }, {
      ...milestone,
      partnerIds: project.partnerIds,
    });
    return { project, milestone, names, who, today: now.slice(0, 10) };
  });

/** Stores the file, then names it as evidence. */
export const action = (args: ActionFunctionArgs) =>
  act(
    args,
    async (sent) => {
      const { visit, text, form, sending } = sent;
      const [id, mid] = [parameter(args, 'id'), parameter(args, 'mid')];
      const file = form.get('file');
      const chosen = file instanceof File && file.size > 0;
      const missing = [
        ...(chosen ? [] : ['file']),
        ...['caption', 'licence', 'capturedOn'].filter((name) => text(name) === undefined),
      ];
      if (missing.length > 0)
        return invalidForm(
          sent,
          missing.map((field) => ({ field, text: visit.t('faults:required') })),
        );
      const body = {
        sha256: await storedFile(sent, 'file'),
        caption: text('caption'),
        licence: text('licence'),
        capturedOn: text('capturedOn'),
      };
      await visit.api.post(`/milestones/${mid}/add-evidence`, { body, ...sending });
      return redirect(visit.href(after(`/projects/${id}/milestones/${mid}`, 'milestones.add-evidence')));
    },
    {
      fieldOf: (pointer) => (pointer === '/sha256' ? 'file' : undefined),
      fieldOfCode: { already_added: 'file', date_future: 'capturedOn', payload_too_large: 'file', unsupported_media_type: 'file' },
    },
  );

/** Adds a piece of evidence; the criteria stand beside the upload. */
export default function EvidencePage() {
  const t = useT();
  const { reader } = useFacts();
  const state = useActionData() as FormState | undefined;
  const { project, milestone, names, who, today } = useLoaderData<typeof loader>();
  const inState = ['in_progress', 'returned'].includes(milestone.status);
  return (
    <StepPage
      project={project}
      step="milestones.add-evidence"
      state={state}
      who={who}
      then={[milestone.leadId]}
      names={names}
      by={milestone.dueOn}
      allowed={milestoneStepsFor(milestone, project, reader?.acting).includes('add-evidence')}
      notNow={inState ? undefined : { kind: 'milestone', state: milestone.status }}
      files
      crumbs={[
        { to: `/projects/${project.id}/milestones`, label: t('projects:milestones.title') },
        { to: `/projects/${project.id}/milestones/${milestone.id}`, label: milestone.title },
      ]}
      before={
        <section aria-labelledby="criteria">
          <h2 id="criteria">{t('projects:criteria.title')}</h2>
          <ul>
            {milestone.criteria.map(({ criterion, quantity, unit }) => (
              <li key={criterion}>
                <span dir="auto">
                  {criterion}: {quantity} {unit}
                </span>
              </li>
            ))}
          </ul>
        </section>
      }
    >
      <Field
        name="file"
        type="file"
        label={t('stewarding:field.file')}
        hint={t('stewarding:field.fileHint')}
        required
        visibility="public"
        state={state}
      />
      <Field
        name="caption"
        label={t('stewarding:field.caption')}
        hint={t('stewarding:field.captionHint')}
        required
        visibility="public"
        state={state}
      />
      <Field name="capturedOn" type="date" label={t('projects:evidence.captured')} required state={state} defaultValue={today} />
      <Field
        name="licence"
        label={t('projects:evidence.licence')}
        hint={t('stewarding:field.licenceHint')}
        required
        state={state}
        defaultValue="CC-BY-4.0"
        options={LICENCES.map((value) => ({ value, label: value }))}
      />
    </StepPage>
  );
}
