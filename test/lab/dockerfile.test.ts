import { describe, expect, it } from '@jest/globals';
import { parseFinalStage } from './dockerfile.ts';

const twoStages = `
FROM node:24 AS build
WORKDIR /app
RUN npm ci
FROM base:nonroot
WORKDIR /app
# What runs.
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
ENV A=1 B=2
USER 65532:65532
ENTRYPOINT ["/nodejs/bin/node", \\
  "dist/main.js"]
`;

describe('the final stage of a Dockerfile', () => {
  it('is read without the stages before it', () => {
    expect(parseFinalStage(twoStages)).toEqual({
      base: 'base:nonroot',
      copies: [
        { stage: 'build', from: 'dist', to: '/app/dist', isFolder: false },
        { from: 'package.json', to: '/app', isFolder: true },
        { from: 'LICENSE', to: '/app', isFolder: true },
      ],
      config: {
        Entrypoint: ['/nodejs/bin/node', 'dist/main.js'],
        Cmd: [],
        Env: ['A=1', 'B=2'],
        User: '65532:65532',
        WorkingDir: '/app',
      },
    });
  });

  it.each([
    ['an instruction that the lab cannot follow', 'FROM a\nRUN true', 'cannot follow RUN in the final stage'],
    ['a file without stages', '# nothing', 'expected a FROM line, found none'],
  ])('is refused for %s', (_, text, message) => {
    expect(() => parseFinalStage(text)).toThrow(message);
  });
});
