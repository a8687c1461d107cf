import { useFacts, useHref, useT } from '../../facts.js';

interface CardProps {
  readonly title: string;
  /** Language of the title, where it is known. */
  readonly lang?: string;
  /** Page of the object, below the language. */
  readonly to: string;
  readonly over: React.ReactNode;
  readonly children: React.ReactNode;
}

/** A card in a frame of a foreign page: no script, no cookie; its link opens the page itself, not inside the frame. */
export function EmbedCard({ title, lang, to, over, children }: CardProps) {
  const t = useT();
  const href = useHref();
  const { locale } = useFacts();
  return (
    <main className="embed">
      <title>{`${title} – Concord`}</title>
      <meta name="robots" content="noindex" />
      <p className="over">{over}</p>
      <h1>
        <a href={href(to)} target="_blank" rel="noopener">
          <span lang={lang ?? locale} dir="auto">
            {title}
          </span>
          <span className="visually-hidden"> {t('embeds:newWindow')}</span>
        </a>
      </h1>
      {children}
      <p className="hint">{t('embeds:source')}</p>
    </main>
  );
}
