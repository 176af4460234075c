/**
 * Worker data that every thread which loads ffjavascript must be started with. ffjavascript loads
 * the package `web-worker`, which inside a worker thread takes the thread for one of its own and
 * runs the module that `workerData.mod` names. This one is empty.
 */
export const INERT_WEB_WORKER = { mod: "data:," } as const;
