import MarkdownIt, { type Token } from 'markdown-it';

/**
 * People's texts. HTML in them stays text, addresses that could run a script are not linked, and pictures are not shown, so that no
 * reader is sent to a third party unasked: nothing is left to sanitise afterwards. A line break is one, as people type them.
 */
const writer = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable('image');
writer.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

const { renderToken } = writer.renderer;
writer.renderer.rules['link_open'] = (tokens, index, options) => {
  tokens[index]!.attrSet('rel', 'ugc nofollow');
  return renderToken.call(writer.renderer, tokens, index, options);
};
// Alignment of cells would be an inline style.
for (const cell of ['th_open', 'td_open'])
  writer.renderer.rules[cell] = (tokens, index, options) => {
    tokens[index]!.attrs = null;
    return renderToken.call(writer.renderer, tokens, index, options);
  };
// The page has its own outline, in which the headings of a text have no place.
writer.renderer.rules['heading_open'] = () => '<p><strong>';
writer.renderer.rules['heading_close'] = () => '</strong></p>\n';

/** A text of somebody as HTML that is safe to put into a page. */
export const proseHtml = (text: string): string => writer.render(text);

const wordsOf = ({ type, content, children }: Token): string => {
  if (children !== null) return children.map(wordsOf).join('');
  return type === 'softbreak' || type === 'hardbreak' ? ' ' : content;
};

/** The words of a text without its marks, on one line: for lists and feeds. */
export const proseWords = (text: string): string =>
  writer
    .parse(text, {})
    .map((token) => wordsOf(token).replaceAll('\n', ' '))
    .filter((words) => words !== '')
    .join(' ')
    .trim();
