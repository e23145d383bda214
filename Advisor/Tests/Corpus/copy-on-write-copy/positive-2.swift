final class Counters {
    private var byName: [String: [String: Int]] = [:]

    func count(_ name: String, _ label: String) {
        var labels = byName[name] ?? [:] // expect: copy-on-write-copy
        labels[label, default: 0] += 1
        byName[name] = labels
    }
}
