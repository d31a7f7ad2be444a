import { PATH_METADATA, METHOD_METADATA } from '@nestjs/common/constants.js';
import { RequestMethod } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { controllers } from '../directory-api.ts';
import { openApiDocument } from './openapi-document.ts';
import { operations } from './operations.ts';

const isHandler = (value: unknown): value is () => unknown =>
  typeof value === 'function' && Reflect.hasMetadata(METHOD_METADATA, value);
const pathOf = (target: object): string => String(Reflect.getMetadata(PATH_METADATA, target));

/** The routes that Nest would serve, as `METHOD path`. */
function servedRoutes(): string[] {
  return controllers.flatMap((controller) => {
    const members = Object.values(Object.getOwnPropertyDescriptors(controller.prototype));
    const handlers = members.map(({ value }): unknown => value).filter(isHandler);
    return handlers.map((handler) => {
      const path = `/${pathOf(controller)}/${pathOf(handler)}`.replace(/\/+$/, '').replace(':id', '{id}');
      return `${RequestMethod[Number(Reflect.getMetadata(METHOD_METADATA, handler))]} ${path}`;
    });
  });
}

describe('the OpenAPI document', () => {
  it('describes every route that is served, and none that is not', () => {
    const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(described.toSorted()).toEqual(
      servedRoutes()
        .filter((route) => !route.includes('/openapi/'))
        .toSorted(),
    );
  });

  it('has the rules that requests are held against', () => {
    const text = JSON.stringify(openApiDocument());
    expect(text).toContain('"pattern":"^[1-9]\\\\d{14}$"');
    expect(text).toContain('application/x-ndjson');
    expect(text).not.toContain('$schema');
  });
});
