import type { Need, Proposal } from './proposal.server.js';

/** The parts of a proposal, one page each. */
export const TOPICS = ['about', 'approach', 'answers', 'partners'] as const;
/** A part of a proposal. */
export type Topic = (typeof TOPICS)[number];

/** Parts that lack something before a full proposal can be submitted; a concept note needs its name and summary only. */
export function openTopics({ stage, content }: Proposal, { criteria }: Need): Topic[] {
  if (stage === 'concept_note') return [];
  const answered = (id: string) => content.answers.some(({ criterionId }) => criterionId === id);
  return [
    ...(content.months === undefined ? (['about'] as const) : []),
    ...(content.approach === undefined ? (['approach'] as const) : []),
    ...(criteria.every(({ criterionId }) => answered(criterionId)) ? [] : (['answers'] as const)),
  ];
}
