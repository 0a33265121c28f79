// What each call of the `tour` service of `apps/cache` gives, on every server.

export const tour = {
  values: `
    get -> undefined
    replace -> CacheMiss true
    setIfNotExists -> undefined
    setIfNotExists again -> CacheKeyExists true
    replace again -> undefined
    append -> 11
    getRange -> "world"
    setRange -> 11
    len -> 11
    getAndSet -> "hello there"
    multiSet -> undefined
    multiGet -> ["2",null,"1","next"]
    getAndDelete -> "2"
    delete -> 2
    with -> undefined
    set daily -> undefined
    set wrong expiry -> CacheError true
    get d -> "daily"
    int increment -> 1
    int increment by -> 42
    int decrement -> 40
    int set -> undefined
    int multiGet -> [40,7,null]
    float increment -> 0.1
    float increment again -> 0.3
    float decrement -> -0.7
    struct set -> undefined
    struct get -> {"name":"Ada","tags":["€","/"]}
    struct getAndSet -> undefined
    struct delete -> 2
    errors -> ["cache replace \\"k\\": key not found","cache setIfNotExists \\"k\\": key already exists",true]`,
  lists: `
    pushRight -> 2
    pushLeft -> 4
    items -> ["0","a","b","c"]
    getRange -> ["a","b"]
    get -> "c"
    get outside -> undefined
    set -> undefined
    set outside -> CacheError true
    insertBefore -> 5
    insertAfter -> 6
    insertBefore none -> -1
    insertAfter no list -> 0
    items again -> ["zero","a","ab","b","bb","c"]
    trim -> undefined
    len -> 4
    popLeft -> "a"
    popRight -> "bb"
    popLeft none -> undefined
    popRight none -> undefined
    move -> "ab"
    move none -> undefined
    number pushRight -> 6
    removeFirst -> 1
    removeLast -> 1
    number items -> [1,1.5,2,3]
    removeAll -> 1
    removeFirst less than none -> CacheError true
    number items again -> [1,1.5,3]
    delete -> [2,1]`,
  sets: `
    add -> 2
    add again -> 1
    contains -> [true,false]
    len -> 3
    items -> ["x","y","z"]
    itemsSet -> ["x","y","z"]
    remove -> 1
    move -> true
    move none -> false
    popOne -> "y"
    popOne none -> undefined
    sampleOne -> "x"
    sampleOne none -> undefined
    number add -> [3,3]
    diff -> [1]
    diffSet -> [4.5]
    intersect -> [2,3]
    intersectSet -> []
    union -> [1,2,3,4.5]
    unionSet -> [1,2,3]
    diffStore -> 1
    intersectStore -> 2
    unionStore -> 4
    stored -> [1,2,3,4.5]
    union of none -> CacheError true
    sample -> [1,2,3]
    sampleWithReplacement -> 9
    pop -> 2
    pop more -> 1
    delete -> [1,4]`,
};

/** @param {string} text */
export function linesOf(text) {
  return text
    .trim()
    .split("\n")
    .map((line) => line.trim());
}
