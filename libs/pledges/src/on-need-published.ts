import { NeedAmended, NeedPublished } from '@concord/contracts';
import { assert } from '@concord/kernel';
import { defineReaction } from '@concord/platform';
import { Award, AwardOpened, changeLines } from './domain/award.js';
import { Line, amendLine, closeLine, openLine } from './domain/line.js';

/** A need was published: its lines open. The stream of the need is opened too, before anybody else can use its id. */
export const onNeedPublished = defineReaction({
  name: 'on-need-published',
  from: 'partnerships',
  on: NeedPublished,
  decide: ({ event, read, append }) => {
    const { organisationId, lines } = event.data;
    const needId = event.subject;
    if (read(Award, needId).version === 0) {
      append(Award, needId, AwardOpened({ ownerId: organisationId, lineIds: lines.map(({ lineId }) => lineId) }));
    }
    for (const { lineId, ...line } of lines) {
      if (read(Line, lineId).version === 0) append(Line, lineId, openLine(needId, organisationId, line));
    }
  },
});

/** A published need was amended: lines follow, open, or close when they are gone. */
export const onNeedAmended = defineReaction({
  name: 'on-need-amended',
  from: 'partnerships',
  on: NeedAmended,
  decide: ({ event, read, append }) => {
    const { organisationId, lines } = event.data;
    if (!lines) return;
    const needId = event.subject;
    const award = read(Award, needId).state;
    append(
      Award,
      needId,
      ...changeLines(
        award,
        lines.map(({ lineId }) => lineId),
      ),
    );
    for (const { lineId, ...line } of lines) {
      const known = read(Line, lineId);
      if (known.version === 0) append(Line, lineId, openLine(needId, organisationId, line));
      else {
        assert(known.state.needId === needId, 'a line belongs to one need');
        append(Line, lineId, ...amendLine(known.state, line));
      }
    }
    for (const gone of award.lineIds.filter((id) => !lines.some(({ lineId }) => lineId === id))) {
      append(Line, gone, ...closeLine(read(Line, gone).state, 'line_removed'));
    }
  },
});
