/** A message that stays on the page: `success` after a step was done, `warning` for what needs a look. Not for faults of a form. */
export function Notice({
  kind = 'plain',
  title,
  children,
}: {
  kind?: 'plain' | 'success' | 'warning';
  title?: string;
  children: React.ReactNode;
}) {
  return (
    <div className={`notice ${kind}`} role={kind === 'plain' ? 'note' : 'status'}>
      {title === undefined ? null : <p className="notice-title">{title}</p>}
      {typeof children === 'string' ? <p>{children}</p> : children}
    </div>
  );
}
