/** Rules that the compiler cannot know: sizes, complexity and a few forms that invite mistakes. */
import parser from '@babel/eslint-parser';

const RULES = {
  complexity: ['error', 10],
  'max-lines': ['error', { max: 300 }],
  'max-depth': ['error', 3],
  eqeqeq: 'error',
  curly: ['error', 'multi-line'],
  'no-console': 'error',
  'no-debugger': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-fallthrough': 'error',
  'no-param-reassign': 'error',
  'no-unreachable': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'no-restricted-syntax': [
    'error',
    { selector: 'TSAnyKeyword', message: 'Give it a type; unknown where there is none.' },
    { selector: 'TSNonNullExpression', message: 'Check it instead of promising it.' },
  ],
};

/** Return a rule that keeps files of a folder from importing other folders of `src`. */
function layer(folder, ...forbidden) {
  const group = forbidden
    .map((name) => `**/${name}/**`)
    .concat(forbidden.map((name) => `**/${name}`));
  const message = `src/${folder} must not import src/${forbidden.join(' or src/')}.`;
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
  };
}

export default [
  { ignores: ['node_modules/'] },
  {
    files: ['**/*.{js,mjs,ts}'],
    languageOptions: {
      parser,
      parserOptions: {
        requireConfigFile: false,
        babelOptions: { babelrc: false, configFile: false, presets: ['@babel/preset-typescript'] },
      },
    },
    rules: RULES,
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 30, skipComments: true }] },
  },
  layer('client', 'overlay', 'page', 'tradingview'),
  layer('overlay', 'page', 'tradingview'),
  layer('page', 'tradingview'),
  layer('tradingview', 'page'),
  {
    // What runs inside a page can call nothing outside of itself.
    files: ['tests/browser/**/*.ts'],
    rules: { complexity: 'off' },
  },
];
