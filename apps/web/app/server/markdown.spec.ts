import { proseHtml, proseWords } from './markdown.server.js';

describe('a text of somebody', () => {
  it.each([
    ['one\ntwo\n\nthree', '<p>one<br>\ntwo</p>\n<p>three</p>\n'],
    ['**strong** and *stressed*', '<p><strong>strong</strong> and <em>stressed</em></p>\n'],
    ['- a\n- b', '<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n'],
    ['# Aims\nAll', '<p><strong>Aims</strong></p>\n<p>All</p>\n'],
    ['https://a.org/b', '<p><a href="https://a.org/b" rel="ugc nofollow">https://a.org/b</a></p>\n'],
    ['[b](mailto:b@a.org)', '<p><a href="mailto:b@a.org" rel="ugc nofollow">b</a></p>\n'],
    [
      '|a|\n|:-:|\n|b|',
      '<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</table>\n',
    ],
    ['a.org and 5.1 and 3 < 4 & 5', '<p>a.org and 5.1 and 3 &lt; 4 &amp; 5</p>\n'],
  ])('%j is %j', (text, html) => {
    expect(proseHtml(text)).toBe(html);
  });

  const HOSTILE = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<div\nonclick="alert(1)">a</div>',
    '<!-- --><svg/onload=alert(1)>',
    '[a](javascript:alert(1))',
    '[a](java&#115;cript:alert(1))',
    '[a](\u0001javascript:alert(1))',
    '[a](JaVaScRiPt&colon;alert(1))',
    '[a](vbscript:msgbox(1))',
    '[a](data:text/html;base64,PHNjcmlwdD4=)',
    '[a](file:///etc/passwd)',
    '<javascript:alert(1)>',
    '[a](https://a.org/"onmouseover="alert(1))',
    '[a](https://a.org "x\\" onmouseover=\\"alert(1)")',
    '[a]: javascript:alert(1)\n\n[a]',
    '![a](https://elsewhere.org/pixel.gif)',
    '![a][b]\n\n[b]: https://elsewhere.org/pixel.gif',
    '```<script>\n</code></pre><script>alert(1)</script>\n```',
    '`</code><script>alert(1)</script>`',
    '| a |\n|---|\n| <script>alert(1)</script> |',
    '\u0000<scr\u0000ipt>alert(1)</script>',
  ];

  /** Tags with their attributes, of text that has none but what the writer made. */
  const tagsOf = (html: string) =>
    [...html.matchAll(/<\/?([a-z0-9]+)([^>]*)>/gu)].map(([, name, attributes]) => ({ name, attributes }));

  it.each(HOSTILE)('cannot do harm: %j', (text) => {
    const html = proseHtml(text);
    for (const { name, attributes } of tagsOf(html)) {
      expect('p br strong em s code pre ul ol li blockquote hr a table thead tbody tr th td'.split(' ')).toContain(name);
      expect(attributes).toMatch(
        /^(?: (?:href="(?:https?:|mailto:)[^"<>]*"|rel="ugc nofollow"|title="[^"<>]*"|class="language-[^"<>]*"))*$/u,
      );
    }
    // What is left of `<` begins one of those tags.
    expect(html.match(/</gu)?.length).toBe(tagsOf(html).length);
  });

  it('is told by the same check when it does', () => {
    expect(tagsOf('<p>a</p><script>')).toContainEqual({ name: 'script', attributes: '' });
  });

  it('is words on one line in a list', () => {
    expect(proseWords('# Aims\n\n**All** of `it`,\nsee [here](https://a.org):\n\n- <b>one</b>\n- two')).toBe(
      'Aims All of it, see here: <b>one</b> two',
    );
  });
});
