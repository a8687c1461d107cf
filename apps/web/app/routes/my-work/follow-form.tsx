import type { Followable } from '@concord/contracts';
import { PostForm } from '../../components/index.js';
import { useFacts, useHref, useT } from '../../facts.js';
import type { Follow } from './follows.server.js';

interface FollowFormProps {
  readonly kind: Followable;
  readonly id: string;
  /** The follow of the reader, from `followOf`. */
  readonly follow: Follow | undefined;
}

/** Follow, or stop following, in place. Only for readers who are signed in. */
export function FollowForm({ kind, id, follow }: FollowFormProps) {
  const t = useT();
  const href = useHref();
  const { path, search } = useFacts();
  return (
    <div className="follow">
      <PostForm action={href('/follows')}>
        <input type="hidden" name="return" value={path + search} />
        <input type="hidden" name="objectKind" value={kind} />
        <input type="hidden" name="objectId" value={id} />
        {follow ? (
          <button type="submit" name="unfollow" value={follow.id} className="quiet">
            {t('my-work:follow.end')}
          </button>
        ) : (
          <button type="submit" name="follow" value="yes" className="quiet">
            {t('my-work:follow.start')}
          </button>
        )}
      </PostForm>
      <p className="hint">{t(follow ? 'my-work:follow.following' : 'my-work:follow.means')}</p>
    </div>
  );
}
