// What a handler costs that has nothing in it: the runtime's part of a cold start.
export const handler = async () => ({
  statusCode: 200,
  headers: { "content-type": "application/json" },
  body: '{"message":"Hello you!"}',
  isBase64Encoded: false,
});
