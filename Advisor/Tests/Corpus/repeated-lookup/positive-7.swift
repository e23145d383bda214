func tally(_ votes: [Int]) -> [Int: Int] {
    var result = [Int: Int]()
    for vote in votes {
        if let count = result[vote] { // expect: repeated-lookup
            result[vote] = count + 1
        } else {
            result[vote] = 1
        }
    }
    return result
}
