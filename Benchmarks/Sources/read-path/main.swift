// Reads as a program makes them that uses Strata from another module. `Benchmarks/check-read-path` looks at what the compiler makes of these
// functions; they are C functions to be found by name, and never inlined, so that each has a body of its own.

import Strata

@inline(never) @_cdecl("read_path_map_get")
func mapGet(_ address: UnsafeRawPointer, _ key: UInt64) -> UInt64 {
    let map = Unmanaged<ConcurrentMap<UInt64, UInt64>>.fromOpaque(address)
    return map._withUnsafeGuaranteedRef { $0[key] } ?? 0
}

@inline(never) @_cdecl("read_path_map_bulk")
func mapBulk(_ address: UnsafeRawPointer, _ keys: UnsafePointer<UInt64>, _ count: Int) -> UInt64 {
    let map = Unmanaged<ConcurrentMap<UInt64, UInt64>>.fromOpaque(address)
    var sum: UInt64 = 0
    let values = map._withUnsafeGuaranteedRef { $0.values(forKeys: UnsafeBufferPointer(start: keys, count: count)) }
    for value in values { sum &+= value ?? 0 }
    return sum
}

@inline(never) @_cdecl("read_path_cache_get")
func cacheGet(_ address: UnsafeRawPointer, _ key: UInt64) -> UInt64 {
    let cache = Unmanaged<Cache<UInt64, UInt64>>.fromOpaque(address)
    return cache._withUnsafeGuaranteedRef { $0.get(key) } ?? 0
}

@inline(never) @_cdecl("read_path_cache_peek")
func cachePeek(_ address: UnsafeRawPointer, _ key: UInt64) -> UInt64 {
    let cache = Unmanaged<Cache<UInt64, UInt64>>.fromOpaque(address)
    return cache._withUnsafeGuaranteedRef { $0.peek(key) } ?? 0
}

let map = ConcurrentMap<UInt64, UInt64>()
let cache = Cache<UInt64, UInt64>(maximumCount: 1_000)
for key in 0..<100 as Range<UInt64> {
    map.updateValue(key, forKey: key)
    cache.put(key, forKey: key)
}
let mapAddress = UnsafeRawPointer(Unmanaged.passUnretained(map).toOpaque())
let cacheAddress = UnsafeRawPointer(Unmanaged.passUnretained(cache).toOpaque())
let keys = Array(0..<100 as Range<UInt64>)
let found = keys.reduce((get: 0, hit: 0, peek: 0) as (get: UInt64, hit: UInt64, peek: UInt64)) {
    ($0.get + mapGet(mapAddress, $1), $0.hit + cacheGet(cacheAddress, $1), $0.peek + cachePeek(cacheAddress, $1))
}
precondition(found == (4_950, 4_950, 4_950) && mapBulk(mapAddress, keys, keys.count) == 4_950)
print("each read finds what was written")
