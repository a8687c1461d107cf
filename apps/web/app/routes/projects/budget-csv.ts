import type { LoaderFunctionArgs } from 'react-router';
import { load } from '../../server/load.server.js';
import { boardOf, namesFor, parameter } from './board.js';
import { budgetOf } from './budget-rows.js';
import { csvAnswer } from './csv.js';

/** The rows behind the budget page: commitments, then movements of money. Amounts of money are in minor units. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const { board } = await boardOf(visit, parameter(args, 'id'));
    const { lines, pledges, movements } = await budgetOf(visit, board.project);
    const names = await namesFor(visit, board, [
      ...pledges.map(({ organisationId }) => organisationId),
      ...movements.flatMap(({ organisation }) => organisation ?? []),
    ]);
    const title = new Map(lines.map((line) => [line.id, line.title]));
    return csvAnswer(
      'budget',
      [
        'row',
        'date',
        'line',
        'organisation',
        'unit',
        'pledged',
        'committed',
        'due',
        'delivered',
        'amount',
        'reverses',
        'text',
        'id',
      ],
      [
        ...pledges.map((one) => [
          'commitment',
          one.madeAt,
          title.get(one.lineId),
          names[one.organisationId],
          one.unit,
          one.quantity,
          one.confirmed,
          one.due,
          one.delivered,
          undefined,
          undefined,
          undefined,
          one.id,
        ]),
        ...movements.map(({ kind, on, organisation, currency, amount, reverses, text, key }) => [
          kind,
          on,
          undefined,
          organisation === undefined ? undefined : names[organisation],
          currency,
          undefined,
          undefined,
          undefined,
          undefined,
          amount,
          reverses ? 'yes' : 'no',
          text,
          key,
        ]),
      ],
    );
  });
