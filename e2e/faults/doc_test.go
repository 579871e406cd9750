// Package faults_test does to the built program what happens to programs:
// kills, full disks, wrong permissions, lost networks, nodes of a cluster that
// die, and clients of other makers that come back.
//
// It is a module of its own: what it needs is in no user's build. make faults
// runs it, as root where a test makes network namespaces or needs a second user.
package faults_test
