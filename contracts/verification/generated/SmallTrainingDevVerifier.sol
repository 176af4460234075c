// SPDX-License-Identifier: GPL-3.0
/*
    Copyright 2021 0KIMS association.

    This file is generated with [snarkJS](https://github.com/iden3/snarkjs).

    snarkJS is a free software: you can redistribute it and/or modify it
    under the terms of the GNU General Public License as published by
    the Free Software Foundation, either version 3 of the License, or
    (at your option) any later version.

    snarkJS is distributed in the hope that it will be useful, but WITHOUT
    ANY WARRANTY; without even the implied warranty of MERCHANTABILITY
    or FITNESS FOR A PARTICULAR PURPOSE. See the GNU General Public
    License for more details.

    You should have received a copy of the GNU General Public License
    along with snarkJS. If not, see <https://www.gnu.org/licenses/>.
*/

pragma solidity >=0.7.0 <0.9.0;

/// @notice DEVELOPMENT KEY: its secret is published, so anybody can forge proofs for it.
/// Deployment to a public network must be refused.
contract SmallTrainingDevVerifier {
    // Scalar field size
    uint256 constant r    = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    // Base field size
    uint256 constant q   = 21888242871839275222246405745257275088696311157297823662689037894645226208583;

    // Verification Key data
    uint256 constant alphax  = 17284597933316017115661823257495409740032223724842740911046742858496240485657;
    uint256 constant alphay  = 6515765329594601466421031084967844872249493672290111332692496159909021295389;
    uint256 constant betax1  = 10035138554161899267820357779023502728077451214606497252887543031237682176442;
    uint256 constant betax2  = 14557660920331512581711287024648481865700753495459863948682211892338075413602;
    uint256 constant betay1  = 3268391135194745224379331868352502611461562124044069643224995741649246280531;
    uint256 constant betay2  = 7683096675722734545553947091517636294215726376521231012105763571153478248548;
    uint256 constant gammax1 = 1791271401865445950973252571427820709731793217143721171106277338837023920052;
    uint256 constant gammax2 = 11128025768281140633189523500190329430169387847457629235281775998541100544987;
    uint256 constant gammay1 = 4482763254854978378972820165077117085983639997931838958871871457744104397386;
    uint256 constant gammay2 = 11104650492761633807955374009590438979183408758482133644568486992835440439313;
    uint256 constant deltax1 = 11594456908749985281625570784109425456939144972068106444187000814191882919224;
    uint256 constant deltax2 = 15777819904861445878818683091938733174528373670189787346997988069897978619520;
    uint256 constant deltay1 = 16802227977138051687333655667203751644138984894366172076191681807507051898716;
    uint256 constant deltay2 = 12827506634307675710566229948073150078021409204441753579492086577280786290883;


    uint256 constant IC0x = 4799416878795231094408718753427857239539083054211851804833369418424891681735;
    uint256 constant IC0y = 7887497313161586570376100015582937132516262218135123008310178109441803004926;

    uint256 constant IC1x = 12363825421518491999794248309550425959643915248111184226880446194586373828107;
    uint256 constant IC1y = 6677000777937152896202614096017465945011503137090699357430846992623264421587;

    uint256 constant IC2x = 12696616901278027019542293706178731228456258223192483806164626203336484544692;
    uint256 constant IC2y = 8821497883858199035489624031050116445062210287111615729674430409801756482675;

    uint256 constant IC3x = 11614089047070521161186818528266018487464034494077785197425919389615222109947;
    uint256 constant IC3y = 9610058118801493174541232968559639011726586385774983918914054834166507192652;


    // Memory data
    uint16 constant pVk = 0;
    uint16 constant pPairing = 128;

    uint16 constant pLastMem = 896;

    function verifyProof(uint[2] calldata _pA, uint[2][2] calldata _pB, uint[2] calldata _pC, uint[3] calldata _pubSignals) public view returns (bool) {
        assembly {
            function checkField(v) {
                if iszero(lt(v, r)) {
                    mstore(0, 0)
                    return(0, 0x20)
                }
            }

            // G1 function to multiply a G1 value(x,y) to value in an address
            function g1_mulAccC(pR, x, y, s) {
                let success
                let mIn := mload(0x40)
                mstore(mIn, x)
                mstore(add(mIn, 32), y)
                mstore(add(mIn, 64), s)

                success := staticcall(sub(gas(), 2000), 7, mIn, 96, mIn, 64)

                if iszero(success) {
                    mstore(0, 0)
                    return(0, 0x20)
                }

                mstore(add(mIn, 64), mload(pR))
                mstore(add(mIn, 96), mload(add(pR, 32)))

                success := staticcall(sub(gas(), 2000), 6, mIn, 128, pR, 64)

                if iszero(success) {
                    mstore(0, 0)
                    return(0, 0x20)
                }
            }

            function checkPairing(pA, pB, pC, pubSignals, pMem) -> isOk {
                let _pPairing := add(pMem, pPairing)
                let _pVk := add(pMem, pVk)

                mstore(_pVk, IC0x)
                mstore(add(_pVk, 32), IC0y)

                // Compute the linear combination vk_x

                g1_mulAccC(_pVk, IC1x, IC1y, calldataload(add(pubSignals, 0)))

                g1_mulAccC(_pVk, IC2x, IC2y, calldataload(add(pubSignals, 32)))

                g1_mulAccC(_pVk, IC3x, IC3y, calldataload(add(pubSignals, 64)))


                // -A
                mstore(_pPairing, calldataload(pA))
                mstore(add(_pPairing, 32), mod(sub(q, calldataload(add(pA, 32))), q))

                // B
                mstore(add(_pPairing, 64), calldataload(pB))
                mstore(add(_pPairing, 96), calldataload(add(pB, 32)))
                mstore(add(_pPairing, 128), calldataload(add(pB, 64)))
                mstore(add(_pPairing, 160), calldataload(add(pB, 96)))

                // alpha1
                mstore(add(_pPairing, 192), alphax)
                mstore(add(_pPairing, 224), alphay)

                // beta2
                mstore(add(_pPairing, 256), betax1)
                mstore(add(_pPairing, 288), betax2)
                mstore(add(_pPairing, 320), betay1)
                mstore(add(_pPairing, 352), betay2)

                // vk_x
                mstore(add(_pPairing, 384), mload(add(pMem, pVk)))
                mstore(add(_pPairing, 416), mload(add(pMem, add(pVk, 32))))


                // gamma2
                mstore(add(_pPairing, 448), gammax1)
                mstore(add(_pPairing, 480), gammax2)
                mstore(add(_pPairing, 512), gammay1)
                mstore(add(_pPairing, 544), gammay2)

                // C
                mstore(add(_pPairing, 576), calldataload(pC))
                mstore(add(_pPairing, 608), calldataload(add(pC, 32)))

                // delta2
                mstore(add(_pPairing, 640), deltax1)
                mstore(add(_pPairing, 672), deltax2)
                mstore(add(_pPairing, 704), deltay1)
                mstore(add(_pPairing, 736), deltay2)


                let success := staticcall(sub(gas(), 2000), 8, _pPairing, 768, _pPairing, 0x20)

                isOk := and(success, mload(_pPairing))
            }

            let pMem := mload(0x40)
            mstore(0x40, add(pMem, pLastMem))

            // Validate that all evaluations ∈ F

            checkField(calldataload(add(_pubSignals, 0)))

            checkField(calldataload(add(_pubSignals, 32)))

            checkField(calldataload(add(_pubSignals, 64)))


            // Validate all evaluations
            let isValid := checkPairing(_pA, _pB, _pC, _pubSignals, pMem)

            mstore(0, isValid)
             return(0, 0x20)
         }
     }
 }
