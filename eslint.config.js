import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The way of a message is the order of the folders: a folder may import itself and anything below it in this list.
 * This array is the rule; ARCHITECTURE.md draws it.
 */
export const LAYERS = [
  'commands',
  'health',
  'admin',
  'cost-analysis',
  'gateway',
  'messages',
  'threads',
  'runs',
  'engine',
  'agents',
  'tools',
  'models',
  'events',
  'monitor',
  'auth',
  'persistence',
  'telemetry',
  'config',
  'errors',
];

const downhill = LAYERS.map((layer, position) => ({
  files: [`src/${layer}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: LAYERS.slice(0, position)
              .flatMap((above) => [`../${above}/*`, `../../${above}/*`, `../../../${above}/*`])
              .concat(['**/app.module.js', '**/main.js']),
            message: `src/${layer} may import only what lies below it (LAYERS in eslint.config.js).`,
          },
        ],
      },
    ],
  },
}));

const tooManyParameters = [
  'FunctionDeclaration[params.length>3]',
  'MethodDefinition[kind!="constructor"] > FunctionExpression[params.length>3]',
  'ArrowFunctionExpression[params.length>3]',
].map((selector) => ({ selector, message: 'At most 3 parameters: pass an object.' }));

const readsEnvironment = {
  selector: 'MemberExpression[object.name="process"][property.name="env"]',
  message: 'src/config is the one reader of the environment.',
};

export default tseslint.config(
  { ignores: ['**/dist/', 'data/', 'coverage/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // Options of libraries are often declared as classes and always given as literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'max-lines': ['error', { max: 300 }],
      'no-restricted-syntax': ['error', ...tooManyParameters],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts', 'libs/*/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config/**', '**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...tooManyParameters, readsEnvironment] },
  },
  ...downhill,
  {
    files: ['scripts/*.mjs', '*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
      },
    },
  },
);
