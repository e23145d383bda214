// Three dictionaries, a set and an array whose growths the program counts itself, by looking at their capacities after every insertion.
// It prints what it counted, one line per growth: kind, type, old capacity, new capacity. No other collection here has these types.
import Glibc

struct Point: Hashable {
    var x: Int32
    var y: Int32
}

final class Box {
    var value: Int
    init(_ value: Int) { self.value = value }
}

struct Wide {
    var a: Int
    var b: Int
    var c: Int
}

var lines = ""

@inline(never)
func note(_ type: StaticString, _ old: Int, _ new: Int) {
    if old != new {
        lines += "\(type) \(old) \(new)\n"
    }
}

var byNumber: [Int: Point] = [:]
var byPoint: [Point: Box] = [:]
var byText: [String: Wide] = [:]
var numbers: Set<UInt16> = []
var points: [Point] = []

@inline(never)
func fill(_ index: Int) {
    let number = byNumber.capacity
    byNumber[index] = Point(x: Int32(index), y: 1)
    note("[Int: growing.Point]", number, byNumber.capacity)
    if index % 3 == 0 {
        let point = byPoint.capacity
        byPoint[Point(x: Int32(index), y: 2)] = Box(index)
        note("[growing.Point: growing.Box]", point, byPoint.capacity)
    }
    if index % 10 == 0 {
        let text = byText.capacity
        byText["key number \(index)"] = Wide(a: index, b: 0, c: 0)
        note("[String: growing.Wide]", text, byText.capacity)
    }
    let set = numbers.capacity
    numbers.insert(UInt16(truncatingIfNeeded: index))
    note("Set<UInt16>", set, numbers.capacity)
    let array = points.capacity
    points.append(Point(x: 0, y: Int32(index)))
    // An array's first storage is no growth: nothing was there to move.
    if array > 0 {
        note("[growing.Point]", array, points.capacity)
    }
}

let words = CommandLine.arguments.dropFirst()
if words.contains("again") {
    // Becomes another program, itself, after some growths that are no longer anybody's.
    for index in 0..<100 {
        fill(index)
    }
    var next = [strdup(CommandLine.arguments[0]), strdup(words.first ?? "1"), nil]
    execv(CommandLine.arguments[0], &next)
}
for index in 0..<(words.first.flatMap { Int($0) } ?? 10_000) {
    fill(index)
}
if words.contains("reserve") {
    let before = byNumber.capacity
    byNumber.reserveCapacity(before * 3)
    note("[Int: growing.Point]", before, byNumber.capacity)
}
if words.contains("share") {
    // Somebody else holds the storage: growing copies it.
    var other = byNumber
    let before = byNumber.capacity
    byNumber.reserveCapacity(before * 2 + 1)
    note("[Int: growing.Point]", before, byNumber.capacity)
    other[0] = nil
    precondition(other.capacity == before)
}
if words.contains("fork"), let symbol = dlsym(nil, "fork") {
    // What the child does is its own business.
    let fork = unsafeBitCast(symbol, to: (@convention(c) () -> pid_t).self)
    let child = fork()
    if child == 0 {
        for index in 0..<100_000 {
            byNumber[index + 1_000_000] = Point(x: 1, y: 1)
        }
        _exit(0)
    }
    waitpid(child, nil, 0)
}
print(lines, terminator: "")
fflush(stdout)
if words.contains("crash") {
    var empty: [Int] = []
    empty.removeLast()
}
if words.contains("kill") {
    kill(getpid(), SIGKILL)
}
if words.contains("wait") {
    while true { pause() }
}
if words.contains("environment") {
    print(getenv("LD_PRELOAD") == nil, getenv("STRATA_PROBE_CHANNEL") == nil)
}
exit(words.contains("seven") ? 7 : 0)
