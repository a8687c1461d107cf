import { whenText } from '../../components/index.js';
import { useFacts, useT } from '../../facts.js';
import { directionOf, intlTag } from '../../locale.js';
import { scaleOf, type Scheduled } from './schedule.js';

const WIDTH = 720;
const ROW = 44;
const HEAD = 28;
const PAD = 8;

/** The milestones over months: bars from the milestone before to the due date, marks of what happened, and today. Mirrored in Arabic. */
export function Gantt({ rows, today }: { rows: readonly Scheduled[]; today: string }) {
  const t = useT();
  const { locale } = useFacts();
  const mirrored = directionOf(locale) === 'rtl';
  const scale = scaleOf([
    today,
    ...rows.flatMap(({ from, milestone, submittedOn, releasedOn }) => [
      from,
      milestone.dueOn,
      submittedOn ?? from,
      releasedOn ?? from,
    ]),
  ]);
  const height = HEAD + rows.length * ROW + PAD;
  const x = (day: string): number => {
    const along = PAD + scale.at(day) * (WIDTH - 2 * PAD);
    return Math.round((mirrored ? WIDTH - along : along) * 10) / 10;
  };
  const month = new Intl.DateTimeFormat(intlTag(locale), { month: 'short', year: '2-digit', timeZone: 'UTC', calendar: 'gregory' });
  return (
    <div className="gantt-scroll" tabIndex={0} role="group" aria-label={t('projects:gantt.label')}>
      <svg
        className="gantt"
        viewBox={`0 0 ${WIDTH} ${height}`}
        role="img"
        aria-label={t('projects:gantt.picture', { count: rows.length })}
      >
        {scale.months.map(({ day }, index) => (
          <g key={day}>
            <line className="gantt-month" x1={x(day)} x2={x(day)} y1={HEAD - 6} y2={height} />
            <text className="gantt-scale" x={x(day) + (mirrored ? -3 : 3)} y={HEAD - 10} textAnchor="start">
              {index % 2 === 0 || scale.months.length < 8 ? month.format(new Date(day)) : ''}
            </text>
          </g>
        ))}
        {rows.map((row, index) => (
          <Row key={row.milestone.id} row={row} top={HEAD + index * ROW} x={x} mirrored={mirrored} />
        ))}
        <line className="gantt-today" x1={x(today)} x2={x(today)} y1={HEAD - 6} y2={height} />
      </svg>
      <p className="hint">
        {t('projects:gantt.key')} {t('projects:gantt.today', { day: whenText(locale, today) })}
      </p>
    </div>
  );
}

/** A text that keeps its own direction inside a picture. */
const isolated = (text: string): string => `\u2068${text}\u2069`;

interface RowProps {
  readonly row: Scheduled;
  readonly top: number;
  readonly x: (day: string) => number;
  readonly mirrored: boolean;
}

function Row({ row: { milestone, from, submittedOn, releasedOn }, top, x, mirrored }: RowProps) {
  const { status, dueOn, title } = milestone;
  const [a, b] = [x(from), x(dueOn)];
  const tone = ['accepted', 'released'].includes(status) ? 'done' : status === 'planned' ? 'planned' : 'busy';
  const left = Math.min(a, b);
  const late = WIDTH - left < 220 || (mirrored && left < 220);
  const at = mirrored ? Math.max(a, b) : left;
  return (
    <g>
      <text className="gantt-title" x={late && !mirrored ? b : at} y={top + 14} textAnchor={late && !mirrored ? 'end' : 'start'}>
        {isolated(title)}
      </text>
      <rect className={`gantt-${tone}`} x={left} y={top + 20} width={Math.max(3, Math.abs(b - a))} height={12} rx={2} />
      <path className="gantt-due" d={`M${b} ${top + 17} l6 9 l-6 9 l-6 -9 z`} />
      {submittedOn === undefined ? null : <circle className="gantt-mark" cx={x(submittedOn)} cy={top + 26} r={4} />}
      {releasedOn === undefined ? null : <rect className="gantt-mark" x={x(releasedOn) - 4} y={top + 22} width={8} height={8} />}
    </g>
  );
}
