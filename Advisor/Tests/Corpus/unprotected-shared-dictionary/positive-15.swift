nonisolated(unsafe) private var seen: Set<Int> = [] // expect: unprotected-shared-dictionary

public func note(_ number: Int) { seen.insert(number) }
