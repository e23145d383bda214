struct Index {
    var postings: [String: Set<Int>] = [:]

    mutating func add(_ term: String, document: Int) {
        if self.postings[term] == nil {
            self.postings[term] = []
        }
        self.postings[term]?.insert(document) // expect: repeated-lookup
    }
}
