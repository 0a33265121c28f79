// The path under which objects in files are reached at the public door.

export const OBJECTS_PATH = "/__tenon/objects/";
