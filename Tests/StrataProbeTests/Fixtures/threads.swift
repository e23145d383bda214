// Eight threads at once, each with dictionaries of its own that grow; some live on after their thread. Prints how often they grew, and objects.
import Glibc

struct Key: Hashable {
    var number: Int
}

final class Leaf {
    var number: Int
    init(_ number: Int) { self.number = number }
}

nonisolated(unsafe) var growths = [Int](repeating: 0, count: 8)
nonisolated(unsafe) var kept = [[Key: Leaf]](repeating: [:], count: 8)

@inline(never)
func work(_ thread: Int) {
    var count = 0
    for round in 0..<50 {
        var leaves: [Key: Leaf] = [:]
        for index in 0..<500 {
            let before = leaves.capacity
            leaves[Key(number: index ^ round)] = Leaf(index)
            count += leaves.capacity == before ? 0 : 1
        }
        kept[thread] = leaves
    }
    growths[thread] = count
}

var threads: [pthread_t] = []
for index in 0..<8 {
    var thread = pthread_t()
    pthread_create(
        &thread, nil,
        { argument in
            work(Int(bitPattern: argument))
            return nil
        }, UnsafeMutableRawPointer(bitPattern: index))
    threads.append(thread)
}
for thread in threads {
    pthread_join(thread, nil)
}
print(growths.reduce(0, +), 8 * 50 * 500)
