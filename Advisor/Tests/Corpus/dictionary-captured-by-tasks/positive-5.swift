func hash(_ files: [File]) -> Int {
    let group = DispatchGroup()
    var digests: [String: Digest] = [:]
    for file in files {
        DispatchQueue.global().async(group: group) {
            digests[file.name] = digest(file) // expect: dictionary-captured-by-tasks
        }
    }
    group.wait()
    return digests.count
}
