// What scripts/watch-cost runs, alone and watched. Prints the processor time of the work in seconds.
//
//   maps      three dictionaries that grow to 300 000 entries and are read, four rounds: the small program that watching is for
//   service   what a request of a service does: parse text, look up, change, build a reply; strings, arrays and small objects
//   objects   nothing but the allocation and release of a small object: the worst case for counting
//   arrays    nothing but short arrays that grow from empty to ten numbers: the worst case for following growths
import Glibc

struct Point: Hashable {
    var x: Int32
    var y: Int32
}

final class Node {
    var value: Int
    init(_ value: Int) { self.value = value }
}

@inline(never)
func node(_ value: Int) -> Node { Node(value) }

@inline(never)
func maps() -> Int {
    var sum = 0
    for round in 0..<4 {
        var byNumber: [Int: Int] = [:]
        var byPoint: [Point: Node] = [:]
        var byText: [String: Int] = [:]
        for index in 0..<300_000 {
            byNumber[index ^ round] = index
            if index % 3 == 0 { byPoint[Point(x: Int32(index), y: 1)] = Node(index) }
            if index % 5 == 0 { byText["key number \(index)"] = index }
        }
        for index in 0..<300_000 {
            sum &+= byNumber[index] ?? 0
            sum &+= byPoint[Point(x: Int32(index), y: 1)]?.value ?? 0
        }
        sum &+= byText.count
    }
    return sum
}

@inline(never)
func service() -> Int {
    var sessions: [String: [String: String]] = [:]
    var sum = 0
    for request in 0..<150_000 {
        let line = "POST /session/\(request % 20_000)?field=\(request % 7)&value=\(request)"
        let parts = line.split(separator: "?")
        let session = parts[0].split(separator: "/").last.map(String.init) ?? ""
        var fields: [String: String] = [:]
        for pair in parts[1].split(separator: "&") {
            let words = pair.split(separator: "=", maxSplits: 1)
            fields[String(words[0])] = String(words[1])
        }
        sessions[session, default: [:]][fields["field"] ?? ""] = fields["value"]
        let reply = sessions[session]?.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",") ?? ""
        sum &+= reply.utf8.count
    }
    return sum
}

@inline(never)
func objects() -> Int {
    var sum = 0
    for index in 0..<15_000_000 {
        sum &+= node(index).value
    }
    return sum
}

@inline(never)
func arrays() -> Int {
    var sum = 0
    for round in 0..<3_000_000 {
        var numbers: [Int] = []
        for index in 0..<10 {
            numbers.append(index ^ round)
        }
        sum &+= numbers.count
    }
    return sum
}

let works = ["maps": maps, "service": service, "objects": objects, "arrays": arrays]
guard let work = CommandLine.arguments.dropFirst().first.flatMap({ works[$0] }) else {
    print("usage: workloads maps|service|objects|arrays")
    exit(64)
}

func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

let begin = processorSeconds()
let result = work()
let end = processorSeconds()
print(result == 42 ? 0 : end - begin)
