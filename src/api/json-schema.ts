// The part of OpenAPI v3 that the CRD uses, and the TypeScript type that a schema describes.

/** A node of a structural schema, with the keywords that this CRD uses and no others. */
export interface JsonSchema {
  readonly type?: 'string' | 'integer' | 'boolean' | 'object' | 'array';
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema;
  readonly items?: JsonSchema;
  readonly 'x-kubernetes-int-or-string'?: true;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-validations'?: readonly unknown[];
}

type RequiredKeys<S> = S extends { readonly required: readonly (infer K extends string)[] } ? K : never;

type ObjectOf<P, R extends string> = {
  readonly [K in keyof P as K extends R ? K : never]: FromSchema<P[K]>;
} & {
  readonly [K in keyof P as K extends R ? never : K]?: FromSchema<P[K]>;
};

type Flatten<T> = { readonly [K in keyof T]: T[K] };

/** The value that a schema literal admits, as an object that may still lack what has a default. */
export type FromSchema<S> = S extends { readonly 'x-kubernetes-int-or-string': true }
  ? string | number
  : S extends { readonly enum: readonly (infer E)[] }
    ? E
    : S extends { readonly properties: infer P }
      ? Flatten<ObjectOf<P, RequiredKeys<S>>>
      : S extends { readonly additionalProperties: infer V }
        ? Readonly<Record<string, FromSchema<V>>>
        : S extends { readonly items: infer I }
          ? readonly FromSchema<I>[]
          : S extends { readonly type: 'string' }
            ? string
            : S extends { readonly type: 'integer' }
              ? number
              : S extends { readonly type: 'boolean' }
                ? boolean
                : never;
